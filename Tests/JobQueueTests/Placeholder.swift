// Tests of JobQueue.
