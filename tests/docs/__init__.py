"""The generated reference pages of docs/, and the test that they are in step."""
