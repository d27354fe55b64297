namespace Moldau.Client.Sharing;

/// <summary>What one broker is to be told of records that it gave: queued until a request takes all of it along.</summary>
internal sealed class Acknowledgements
{
    private Dictionary<SharePartition, List<AcknowledgedSpan>> _queued = [];

    public bool IsEmpty => _queued.Count == 0;

    public bool HasRenewals { get; private set; }

    /// <summary>When the first of them was queued.</summary>
    public long Since { get; private set; }

    public void Add(SharePartition partition, in AcknowledgedSpan span, long now)
    {
        if (IsEmpty) Since = now;
        if (!_queued.TryGetValue(partition, out var spans)) _queued[partition] = spans = [];
        spans.Add(span);
        HasRenewals |= span.IsRenewal;
    }

    /// <summary>Takes a renewal back that something else is said in place of.</summary>
    public void TakeBackRenewal(SharePartition partition, long offset)
    {
        if (!_queued.TryGetValue(partition, out var spans)) return;
        if (spans.RemoveAll(span => span.IsRenewal && span.First == offset) == 0) return;
        if (spans.Count == 0) _queued.Remove(partition);
        HasRenewals = false;
        foreach (var others in _queued.Values) HasRenewals |= others.Exists(static span => span.IsRenewal);
    }

    /// <summary>All of it; the queue is empty then.</summary>
    public SentAcknowledgements Take()
    {
        var sent = new SentAcknowledgements(_queued, HasRenewals);
        _queued = [];
        HasRenewals = false;
        return sent;
    }

    /// <summary>What is queued of one partition.</summary>
    public SentAcknowledgements Take(SharePartition partition)
    {
        if (!_queued.Remove(partition, out var spans)) return SentAcknowledgements.None;
        HasRenewals = false;
        foreach (var others in _queued.Values) HasRenewals |= others.Exists(static span => span.IsRenewal);
        return new SentAcknowledgements(new() { [partition] = spans }, spans.Exists(static span => span.IsRenewal));
    }

    /// <summary>The renewals that are queued.</summary>
    public SentAcknowledgements TakeRenewals()
    {
        var renewals = new Dictionary<SharePartition, List<AcknowledgedSpan>>();
        foreach (var (partition, spans) in _queued)
        {
            if (spans.FindAll(static span => span.IsRenewal) is not { Count: > 0 } its) continue;
            renewals[partition] = its;
            spans.RemoveAll(static span => span.IsRenewal);
            if (spans.Count == 0) _queued.Remove(partition);
        }

        HasRenewals = false;
        return new SentAcknowledgements(renewals, renewals.Count > 0);
    }
}
