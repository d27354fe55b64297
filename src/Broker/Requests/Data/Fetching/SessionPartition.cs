using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>A partition in a fetch session: what was last asked, and what was last told.</summary>
internal sealed class SessionPartition(string topic, Uuid topicId, int number)
{
    public string Topic { get; set; } = topic;

    public Uuid TopicId { get; } = topicId;

    public int Number { get; } = number;

    public int CurrentLeaderEpoch { get; set; }

    public long Offset { get; set; }

    public int LastFetchedEpoch { get; set; }

    public int MaxBytes { get; set; }

    public long ToldHighWatermark { get; set; } = -1;

    public long ToldStartOffset { get; set; } = -1;

    /// <summary>An error was told: the next answer names the partition again.</summary>
    public bool MustTell { get; set; }

    public void Take(FetchRequest.FetchPartition asked)
    {
        CurrentLeaderEpoch = asked.CurrentLeaderEpoch;
        Offset = asked.FetchOffset;
        LastFetchedEpoch = asked.LastFetchedEpoch;
        MaxBytes = asked.PartitionMaxBytes;
    }

    /// <summary>Whether there is anything to tell that the client does not know; what is told is noted.</summary>
    public bool MustAnswer(FetchItem item)
    {
        var must = MustTell || item.Bytes > 0 || item.IsDiverging
            || item.HighWatermark != ToldHighWatermark || item.LogStartOffset != ToldStartOffset;
        ToldHighWatermark = item.HighWatermark;
        ToldStartOffset = item.LogStartOffset;
        MustTell = item.Error != Moldau.Protocol.Errors.ErrorCode.None;
        return must || MustTell;
    }
}
