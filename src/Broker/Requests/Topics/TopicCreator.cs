using System.Collections.Immutable;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions;
using Moldau.Broker.Quotas;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Topics;

/// <summary>Creates topics, durably, and returns when they are served. Two that create the same name at once: one of them does.</summary>
internal sealed class TopicCreator(IMetadataStore store, MetadataFollower metadata, PartitionHosting hosting, UuidSource ids, LiveSettings settings, int node)
{
    private const int Attempts = 3;
    private static readonly SortedDictionary<string, string> NoConfigs = new(StringComparer.Ordinal);

    private readonly CreateTopic _create = new(store);

    /// <summary>Whether asking for a topic makes it.</summary>
    public bool CreatesMissing => settings.Current.Topics.AutoCreates;

    /// <summary>A topic somebody asks about that is not there, where the broker makes those.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="allowance">What whoever asks may make; who is over it is told that there is none, and asks again.</param>
    public async Task<ErrorCode> CreateMissingAsync(string name, MutationAllowance allowance)
    {
        if (!CreatesMissing || !TopicName.IsLegal(name) || TopicName.IsInternal(name) || name == TopicName.ClusterMetadata) return ErrorCode.UnknownTopicOrPartition;
        // As Kafka answers who asks for it: its controller refuses behind his back.
        if (settings.Current.Folders.AreAllCordoned) return ErrorCode.UnknownTopicOrPartition;
        if (!allowance.TryTake(settings.Current.Topics.Partitions)) return ErrorCode.UnknownTopicOrPartition;
        var outcome = await CreateAsync(name, settings.Current.Topics.Partitions, null, NoConfigs).ConfigureAwait(false);
        return outcome.Error is ErrorCode.TopicAlreadyExists ? ErrorCode.None : outcome.Error;
    }

    /// <summary>Names, counts and settings were checked before.</summary>
    /// <param name="name">The topic's.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="replicas">Of each partition, in order; null for this node.</param>
    /// <param name="configs">Settings of its own.</param>
    public async Task<Created> CreateAsync(string name, int partitions, IReadOnlyList<ImmutableArray<int>>? replicas, IReadOnlyDictionary<string, string> configs)
    {
        var here = ImmutableArray.Create(node);
        for (var attempt = 1; ; attempt++)
        {
            var id = ids.Next();
            var records = new PartitionRecord[partitions];
            for (var number = 0; number < partitions; number++) records[number] = PartitionRecord.New(replicas?[number] ?? here);
            switch (await _create.RunAsync(new NewTopic(name, id, records, configs)).ConfigureAwait(false))
            {
                case TopicCreation.Created created:
                    await metadata.WaitForAsync(created.Revision).ConfigureAwait(false);
                    await hosting.WaitForAsync(created.Revision).ConfigureAwait(false);
                    return new Created(ErrorCode.None, null, id);
                case TopicCreation.NameTaken:
                    return new Created(ErrorCode.TopicAlreadyExists, $"topic '{name}' exists already", default);
                case TopicCreation.Abandoned abandoned when attempt == Attempts:
                    return new Created(ErrorCode.UnknownServerError, abandoned.Reason, default);
            }
        }
    }

    internal readonly record struct Created(ErrorCode Error, string? Message, Uuid Id);
}
