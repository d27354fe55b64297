namespace Moldau.Client.Consuming;

/// <summary>
/// How long handlers at work are waited for when partitions go or a consumer closes: first they are let alone, then told to stop, then
/// left, so that what is done by then can still be committed.
/// </summary>
internal sealed class HandlersTime(KafkaClientOptions options) : IDisposable
{
    // Of the time there is for giving something up; the rest is for the commit.
    private const double PatientShare = 0.75;
    private const double StoppingShare = 0.9;

    private readonly CancellationTokenSource _over = new(Timeout.InfiniteTimeSpan, options.Clock);
    private readonly CancellationTokenSource _left = new(Timeout.InfiniteTimeSpan, options.Clock);

    /// <summary>Handlers are to stop.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Those that have not stopped are waited for no longer.</summary>
    public CancellationToken Left => _left.Token;

    /// <summary>It runs from now on.</summary>
    public void Begin(TimeSpan whole)
    {
        _over.CancelAfter(whole * PatientShare);
        _left.CancelAfter(whole * StoppingShare);
    }

    public void Dispose()
    {
        _over.Dispose();
        _left.Dispose();
    }
}
