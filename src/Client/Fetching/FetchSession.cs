using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Fetching;

/// <summary>
/// What a broker remembers of what is read from it (KIP-227): the first request names every partition, those behind it only
/// what has changed. A broker that remembers nothing is told everything each time.
/// </summary>
internal sealed class FetchSession
{
    private const short FirstWithSessions = 7;
    private const short FirstById = 13;
    private const int Beginning = 0;
    private const int Ending = -1;

    private readonly Dictionary<TopicPartition, FetchTarget> _known = [];
    private readonly Dictionary<Uuid, string> _names = [];
    private readonly HashSet<TopicPartition> _wanted = [];
    private bool _isById;
    private int _epoch = Beginning;

    /// <summary>0 where there is none.</summary>
    public int Id { get; private set; }

    /// <summary>The topics, and what is forgotten, of the next request.</summary>
    /// <param name="wanted">Every partition that is to be read.</param>
    /// <param name="version">The request's.</param>
    /// <param name="request">Gets them.</param>
    public void Fill(IReadOnlyList<FetchTarget> wanted, short version, FetchRequest request)
    {
        var isById = version >= FirstById;
        // Its partitions go by names or by ids, never by both.
        if (isById != _isById || version < FirstWithSessions) Forget();
        _isById = isById;
        request.Topics.Clear();
        request.ForgottenTopicsData.Clear();
        if (_epoch == Beginning) _known.Clear();
        var topics = new Dictionary<string, FetchRequest.FetchTopic>(StringComparer.Ordinal);
        _wanted.Clear();
        foreach (var target in wanted)
        {
            _wanted.Add(target.Where);
            if (_known.TryGetValue(target.Where, out var before))
            {
                if (before.TopicId != target.TopicId) Drop(before, request);
                else if (IsSame(before, target)) continue;
            }

            if (!topics.TryGetValue(target.Where.Topic, out var topic))
            {
                topics[target.Where.Topic] = topic = new FetchRequest.FetchTopic { Topic = target.Where.Topic, TopicId = target.TopicId };
                request.Topics.Add(topic);
            }

            topic.Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = target.Where.Partition, CurrentLeaderEpoch = target.LeaderEpoch, FetchOffset = target.Offset, PartitionMaxBytes = target.MaxBytes,
            });
            _known[target.Where] = target;
            _names[target.TopicId] = target.Where.Topic;
        }

        foreach (var (where, target) in _known)
        {
            if (_wanted.Contains(where)) continue;
            Drop(target, request);
            _known.Remove(where);
        }

        request.SessionId = Id;
        request.SessionEpoch = _epoch;
    }

    /// <summary>What an answer means for the session.</summary>
    /// <returns>Whether it brings anything; otherwise the next request begins a new session.</returns>
    public bool Take(FetchResponse answer)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                Id = answer.SessionId;
                _epoch = Id == 0 ? Beginning : _epoch == int.MaxValue ? 1 : _epoch + 1;
                return true;
            case ErrorCode.FetchSessionIdNotFound:
                Forget();
                return false;
            default:
                Reset();
                return false;
        }
    }

    /// <summary>Nobody knows what the broker remembers: the next request ends the session and begins another.</summary>
    public void Reset() => _epoch = Beginning;

    /// <summary>Turns a request into one that ends the session.</summary>
    public void FillEnd(FetchRequest request)
    {
        request.Topics.Clear();
        request.ForgottenTopicsData.Clear();
        (request.SessionId, request.SessionEpoch) = (Id, Ending);
        Forget();
    }

    public string? NameOf(Uuid topic) => _names.GetValueOrDefault(topic);

    private void Forget() => (Id, _epoch) = (0, Beginning);

    private static bool IsSame(in FetchTarget one, in FetchTarget other) =>
        one.Offset == other.Offset && one.LeaderEpoch == other.LeaderEpoch && one.MaxBytes == other.MaxBytes;

    private static void Drop(in FetchTarget target, FetchRequest request)
    {
        foreach (var topic in request.ForgottenTopicsData)
        {
            if (topic.TopicId != target.TopicId || topic.Topic != target.Where.Topic) continue;
            topic.Partitions.Add(target.Where.Partition);
            return;
        }

        request.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic { Topic = target.Where.Topic, TopicId = target.TopicId, Partitions = [target.Where.Partition] });
    }
}
