"""Events: the dated gatherings of a programme, from the launch to the summit."""
