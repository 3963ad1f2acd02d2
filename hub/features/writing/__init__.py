"""Writing and publishing: a document edited, its revisions compared and brought back, its state and marking changed."""
