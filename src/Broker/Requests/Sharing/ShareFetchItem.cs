using Moldau.Broker.Sharing;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>One partition of a share fetch: what it is to give, and what became of acknowledgements that came along.</summary>
internal sealed class ShareFetchItem(Uuid topicId, int number)
{
    public Uuid TopicId { get; } = topicId;

    public int Number { get; } = number;

    public ShareTarget Target { get; init; }

    /// <summary>Null where it is only acknowledged in.</summary>
    public ShareTake? Take { get; set; }

    /// <summary>Null where nothing was said of it; its result is null where it was taken.</summary>
    public Task<ShareFault?>? Acknowledged { get; set; }

    /// <summary>
    /// What is fetched from, from the first look on: where that ends the fetch is to be told of it, and not to begin with the
    /// next one. Null before.
    /// </summary>
    public SharePartition? Leader { get; set; }

    /// <summary>Whether its state was yet to be read at the first look.</summary>
    public bool IsNew { get; set; }

    public ShareFault? Fault => Target.Fault ?? Take?.Fault;

    public bool HasRecords => Take is { Records: not null };
}
