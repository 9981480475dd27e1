"""Hooks for training libraries, a file for each; none is imported before its hook is made.

Each takes a run (`vectory.watch`) and a function that embeds the fixed items with the model of the moment.
"""
