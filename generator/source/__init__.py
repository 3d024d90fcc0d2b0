"""Question files: front matter with the place of every value, and prose."""

from generator.source.front import read_question as read_question
