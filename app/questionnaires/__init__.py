"""Skills questionnaires: people rate themselves at several events, and see how they grew.

A questionnaire is data that the programme lead edits. Its rounds belong to events, open with check-in and
close by rule; when a round closes its figures are made once, so that nobody can work a person out.
"""
