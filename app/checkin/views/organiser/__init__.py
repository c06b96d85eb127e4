"""The pages on which organisers open doors and rooms, and see and correct who was here."""
