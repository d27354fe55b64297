using Xunit;

// Each target gets its time in full, and what is measured is its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
