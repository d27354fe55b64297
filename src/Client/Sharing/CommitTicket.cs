namespace Moldau.Client.Sharing;

/// <summary>Somebody waits until everything he has acknowledged is answered. Guarded by the lock of the <see cref="ShareTable"/>.</summary>
internal sealed class CommitTicket
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Dictionary<TopicPartition, Outcome<long>> Outcomes { get; } = [];

    /// <summary>Brokers that owe an answer.</summary>
    public int Waiting { get; set; }

    public Task Done => _done.Task;

    public void Add(AcknowledgedRecords told)
    {
        var count = 0L;
        foreach (var range in told.Ranges) count += range.Count;
        // One refusal says more than many that went well.
        if (Outcomes.TryGetValue(told.Where, out var before))
        {
            if (!before.Succeeded) return;
            count += told.Succeeded ? before.Value : 0;
        }

        Outcomes[told.Where] = new Outcome<long>(told.Where.ToString(), told.Succeeded ? count : 0, told.Error);
    }

    public void Settle()
    {
        if (Waiting == 0) _done.TrySetResult();
    }
}
