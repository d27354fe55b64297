namespace Moldau.Storage.Producers;

/// <summary>The verifications of transactions that are under way in a partition; mostly none.</summary>
internal sealed class Verifications
{
    private readonly Dictionary<long, VerificationState> _states = [];

    public VerificationState? Find(long producerId) => _states.Count == 0 ? null : _states.GetValueOrDefault(producerId);

    public bool Fits(long producerId, VerificationGuard guard) => !guard.IsNone && Find(producerId) is { } state && state.Guard == guard;

    public VerificationGuard Begin(long producerId, short epoch, int sequence, bool startsAtZero, long now)
    {
        if (_states.TryGetValue(producerId, out var state)) state.See(sequence, epoch);
        else _states.Add(producerId, state = new VerificationState(now, sequence, epoch, startsAtZero));
        return state.Guard;
    }

    public void Remove(long producerId)
    {
        if (_states.Count > 0) _states.Remove(producerId);
    }

    /// <summary>
    /// A marker was appended. In the second protocol of transactions its epoch is the one that the next transaction
    /// writes with, so a verification for that epoch is the next one's and stays.
    /// </summary>
    public void End(long producerId, short epoch)
    {
        if (Find(producerId) is not { } state || (state.StartsAtZero && state.Epoch == epoch)) return;
        _states.Remove(producerId);
    }

    public void RemoveExpired(long now, long expirationMilliseconds)
    {
        foreach (var (id, state) in _states)
        {
            if (now - state.Timestamp >= expirationMilliseconds) _states.Remove(id);
        }
    }
}
