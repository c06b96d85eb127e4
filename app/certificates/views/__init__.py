"""The pages of certificates, by who opens them."""
