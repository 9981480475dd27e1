-- Where an experiment's spaces were made: a JSON object of what the door saw (command line, host, versions); {} from before.
ALTER TABLE experiments ADD COLUMN environment TEXT NOT NULL DEFAULT '{}';
