"""Field actions, from the idea to the debrief."""
