"""Many runs at once: which minimum each start falls to, how the loss depends on the constants of an optimizer."""
