namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>
/// The fetch sessions of a broker: a bounded number, and a newcomer replaces one that was not used for a while, or gets
/// none, which is legal too. Followers' are protected from consumers'.
/// </summary>
internal sealed class FetchSessions(int slots, long evictionMilliseconds, Random chance)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];

    public int Count
    {
        get
        {
            lock (_sync) return _sessions.Count;
        }
    }

    /// <summary>Partitions in all of them.</summary>
    public int Partitions
    {
        get
        {
            lock (_sync)
            {
                var count = 0;
                foreach (var session in _sessions.Values) count += session.Count;
                return count;
            }
        }
    }

    /// <summary>Thrown out for a newcomer.</summary>
    public long Evicted { get; private set; }

    public FetchSession? Find(int id)
    {
        lock (_sync) return _sessions.GetValueOrDefault(id);
    }

    /// <returns>Null where there is no room: the fetch is answered in full, without a session.</returns>
    public FetchSession? Create(bool usesIds, bool isPrivileged, long now)
    {
        lock (_sync)
        {
            if (_sessions.Count >= slots && !TryEvict(isPrivileged, now)) return null;
            int id;
            do
            {
                id = chance.Next(1, int.MaxValue);
            }
            while (_sessions.ContainsKey(id));
            var session = new FetchSession(id, usesIds, isPrivileged) { LastUsed = now };
            _sessions.Add(id, session);
            return session;
        }
    }

    public void Remove(FetchSession session)
    {
        lock (_sync) _sessions.Remove(session.Id);
    }

    private bool TryEvict(bool forPrivileged, long now)
    {
        FetchSession? oldest = null;
        foreach (var session in _sessions.Values)
        {
            if (session.IsPrivileged && !forPrivileged) continue;
            if (oldest is null || (oldest.IsPrivileged && !session.IsPrivileged)
                || (oldest.IsPrivileged == session.IsPrivileged && session.LastUsed < oldest.LastUsed)) oldest = session;
        }

        // One in use is worth more than one that is to be: else two too many would throw each other out for ever.
        var isStale = oldest is not null && (now - oldest.LastUsed > evictionMilliseconds || (forPrivileged && !oldest.IsPrivileged));
        if (!isStale) return false;
        Evicted++;
        return _sessions.Remove(oldest!.Id);
    }
}
