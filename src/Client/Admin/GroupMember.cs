namespace Moldau.Client.Admin;

/// <summary>A member of a group.</summary>
/// <param name="Id">The coordinator's name for it.</param>
/// <param name="InstanceId">Its own name, where it is a static member.</param>
/// <param name="ClientId">What the client calls itself.</param>
/// <param name="Host">Where it is.</param>
/// <param name="Epoch">Of a consumer group: how far it is.</param>
/// <param name="Assigned">The partitions it has.</param>
/// <param name="Target">Of a consumer group: those it is to have.</param>
public sealed record GroupMember(
    string Id, string? InstanceId, string ClientId, string Host, int? Epoch, IReadOnlyList<TopicPartition> Assigned, IReadOnlyList<TopicPartition>? Target);
