"""From a journal to what it means: service, waits, work, people and promises of one replication."""
