using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>A member of a classic group: all of it is soft but what the group's record holds.</summary>
internal sealed class ClassicMember(string id, string? instanceId, MemberClient client)
{
    /// <summary>A static member's changes when it comes back.</summary>
    public string Id { get; set; } = id;

    public string? InstanceId { get; } = instanceId;

    public MemberClient Client { get; set; } = client;

    public int SessionTimeout { get; set; }

    public int RebalanceTimeout { get; set; }

    /// <summary>The preferred first.</summary>
    public IReadOnlyList<GroupProtocolOffer> Protocols { get; set; } = [];

    public ReadOnlyMemory<byte> Assignment { get; set; }

    /// <summary>It has joined, and nobody has told it yet under which id.</summary>
    public bool IsNew { get; set; }

    public PendingReply<JoinGroupResponse>? Join { get; set; }

    public PendingReply<SyncGroupResponse>? Sync { get; set; }

    public ReadOnlyMemory<byte> Metadata(string? protocol)
    {
        foreach (var offer in Protocols)
        {
            if (offer.Name == protocol) return offer.Metadata;
        }

        return default;
    }

    public bool Knows(string protocol)
    {
        foreach (var offer in Protocols)
        {
            if (offer.Name == protocol) return true;
        }

        return false;
    }
}
