"""What staff see of questionnaires: figures of groups, rounds, and the questionnaire itself."""
