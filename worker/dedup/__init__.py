"""Deduplication: a headline's or story's sightings in, verdicts out; pure, the state is handed in and given back."""
