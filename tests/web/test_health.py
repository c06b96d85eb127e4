def test_health_says_that_the_product_is_up(visitor):
    assert visitor.open("/health").json == {"status": "up"}
