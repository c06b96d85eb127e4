"""Posters: what each team shows at the marketplace; here, that a team has handed its poster in."""
