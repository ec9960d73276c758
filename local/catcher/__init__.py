"""Catches the mails and SMS of the demonstration, and shows them on a small page."""
