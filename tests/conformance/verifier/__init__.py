"""A second verifier of case bundles, written from docs/verify.md and the SPECs alone."""
