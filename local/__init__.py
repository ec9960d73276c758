"""Embedded servers, supervisor and message catcher for developer machines and demonstrations."""
