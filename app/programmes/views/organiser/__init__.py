"""What organisers see of programmes: their list, their facts, their teams and who works on them."""
