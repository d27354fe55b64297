namespace Moldau.Client.Fetching;

/// <summary>Batches that were read and are filled again; beyond a few they would only keep memory.</summary>
internal sealed class SpareBatches
{
    private const int Most = 8;

    private readonly Stack<FetchedBatch> _spare = new();

    public FetchedBatch Rent()
    {
        lock (_spare) return _spare.TryPop(out var spare) ? spare : new FetchedBatch();
    }

    /// <summary>Its bytes are read no more.</summary>
    public void Return(FetchedBatch batch)
    {
        batch.Free();
        lock (_spare)
        {
            if (_spare.Count < Most)
            {
                _spare.Push(batch);
                return;
            }
        }

        batch.Discard();
    }
}
