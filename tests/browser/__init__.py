"""In a package, so that browser and server end with the last of these tests."""
