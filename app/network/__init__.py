"""The network: people and teams of a programme who stay in touch; each chooses what the others see."""
