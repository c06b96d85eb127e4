"""The sample programme: eight fictional practices, four events done, the summit today."""
