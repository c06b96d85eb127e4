"""People: every human once, how they come in (personal link, staff sign-in) and how they leave."""
