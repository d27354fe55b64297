using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Sharing;

/// <summary>
/// The sessions of members, one each. One ends by its last request, by a new one of the same member, or with its connection; what
/// its member has is anybody's then.
/// </summary>
internal sealed class ShareSessions(SharePartitions partitions)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<(string Group, string Member), ShareSession> _sessions = [];

    public int Count
    {
        get
        {
            lock (_sync) return _sessions.Count;
        }
    }

    /// <returns>Null where there are as many as may be.</returns>
    public ShareSession? Open(string group, string member, Connection connection, int most)
    {
        lock (_sync)
        {
            // What the member has from before stays his: he begins anew, and is the same.
            _sessions.Remove((group, member));
            if (_sessions.Count >= most) return null;
            var session = new ShareSession(group, member, connection);
            _sessions.Add((group, member), session);
            connection.Ended = Ended;
            return session;
        }
    }

    /// <summary>Finds the session of a request and counts it on; the last request finds it as it is.</summary>
    /// <param name="group">The group.</param>
    /// <param name="member">Its member.</param>
    /// <param name="epoch">What the request says.</param>
    /// <param name="change">What the request says of its partitions.</param>
    /// <param name="session">Null with an error.</param>
    public ErrorCode Take(string group, string member, int epoch, Action<ShareSession> change, out ShareSession? session)
    {
        lock (_sync)
        {
            if (!_sessions.TryGetValue((group, member), out session)) return ErrorCode.ShareSessionNotFound;
            if (epoch == ShareEpochs.Last) return ErrorCode.None;
            if (epoch != session.Epoch)
            {
                session = null;
                return ErrorCode.InvalidShareSessionEpoch;
            }

            change(session);
            session.Advance();
            return ErrorCode.None;
        }
    }

    /// <summary>Its partitions, in the order in which they are to be read now.</summary>
    public List<(Uuid TopicId, int Number)> PartitionsOf(ShareSession session)
    {
        lock (_sync) return [.. session.Partitions];
    }

    /// <summary>Others are looked at first next time.</summary>
    public void MoveToEnd(ShareSession session, Uuid topicId, int number)
    {
        lock (_sync) session.MoveToEnd(topicId, number);
    }

    /// <summary>Ends a session; what its member has is anybody's when the task has ended.</summary>
    public async Task CloseAsync(ShareSession session)
    {
        List<(Uuid TopicId, int Number)> left;
        bool isLast;
        lock (_sync)
        {
            if (_sessions.GetValueOrDefault((session.Group, session.Member)) != session) return;
            _sessions.Remove((session.Group, session.Member));
            left = [.. session.Partitions];
            isLast = !HasSession(session.Group);
        }

        foreach (var (topicId, number) in left)
        {
            if (partitions.Find(new ShareKey(session.Group, topicId, number)) is { } partition) await partition.ReleaseAsync(session.Member).ConfigureAwait(false);
        }

        if (isLast) await partitions.MayGoAsync(session.Group).ConfigureAwait(false);
    }

    private bool HasSession(string group)
    {
        foreach (var (known, _) in _sessions.Keys)
        {
            if (known == group) return true;
        }

        return false;
    }

    private void Ended(Connection connection)
    {
        List<ShareSession> ended = [];
        lock (_sync)
        {
            foreach (var session in _sessions.Values)
            {
                if (session.Connection == connection) ended.Add(session);
            }
        }

        foreach (var session in ended) _ = CloseAsync(session);
    }
}
