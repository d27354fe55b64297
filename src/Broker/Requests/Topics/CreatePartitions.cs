using System.Collections.Immutable;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Topics;

/// <summary>CreatePartitions: a topic gets more of them, never fewer.</summary>
internal sealed class CreatePartitions(IMetadataStore store, MetadataFollower metadata, PartitionHosting hosting, LiveSettings settings, ClientQuotas quotas, NetworkLog log)
    : TypedHandler<CreatePartitionsRequest, CreatePartitionsResponse>(log)
{
    private const short FirstWithRefusedTopics = 3;

    private readonly AddPartitions _add = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, CreatePartitionsRequest request, CreatePartitionsResponse response)
    {
        var access = exchange.Access;
        var allowance = quotas.Mutations(exchange, FirstWithRefusedTopics);
        for (var i = 0; i < request.Topics.Count; i++)
        {
            var asked = request.Topics[i];
            if (IsAnswered(response, asked.Name)) continue;
            var answer = new CreatePartitionsResponse.Result { Name = asked.Name };
            response.Results.Add(answer);
            try
            {
                if (IsTwice(request, i)) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"topic '{asked.Name}' is named twice in one request");
                access.Require(AclOperation.Alter, AclResource.Topic, asked.Name);
                await AddAsync(request, asked, allowance).ConfigureAwait(false);
                if (!request.ValidateOnly) exchange.Changed($"raised to {asked.Count} the partitions of", "topic", asked.Name);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }

        exchange.MuteMilliseconds = allowance.WaitMilliseconds;
    }

    protected override void Refuse(CreatePartitionsRequest request, CreatePartitionsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics) response.Results.Add(new CreatePartitionsResponse.Result { Name = asked.Name, ErrorCode = error, ErrorMessage = message });
    }

    private async Task AddAsync(CreatePartitionsRequest request, CreatePartitionsRequest.Topic asked, MutationAllowance allowance)
    {
        var image = metadata.Current;
        if (image.FindTopic(asked.Name) is not { } topic) throw new RequestRefusedException(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{asked.Name}'");
        if (TopicName.IsInternal(asked.Name))
            throw new RequestRefusedException(ErrorCode.InvalidRequest, $"'{asked.Name}' is the broker's own: what lies in which of its partitions is decided by their number");
        if (asked.Count == topic.PartitionCount) throw new RequestRefusedException(ErrorCode.InvalidPartitions, $"topic '{asked.Name}' has {topic.PartitionCount} partitions already");
        if (asked.Count < topic.PartitionCount)
            throw new RequestRefusedException(ErrorCode.InvalidPartitions, $"topic '{asked.Name}' has {topic.PartitionCount} partitions, and {asked.Count} would be fewer");
        var replicas = Replicas(asked, topic, image);
        allowance.Take(replicas.Count);
        if (request.ValidateOnly) return;
        var records = replicas.Select(PartitionRecord.New).ToList();
        if (await _add.RunAsync(topic.Name, topic.Id, topic.PartitionCount, records).ConfigureAwait(false) is not { } revision)
            throw new RequestRefusedException(ErrorCode.InvalidPartitions, $"another request changed topic '{asked.Name}' first");
        await metadata.WaitForAsync(revision).ConfigureAwait(false);
        await hosting.WaitForAsync(revision).ConfigureAwait(false);
    }

    private IReadOnlyList<ImmutableArray<int>> Replicas(CreatePartitionsRequest.Topic asked, in TopicImage topic, MetadataImage image)
    {
        var added = asked.Count - topic.PartitionCount;
        var factor = topic.Partition(0)!.Record.Replicas.Length;
        if (asked.Assignments is null) return ReplicaPlacement.Added(topic.PartitionCount, added, (short)factor, settings.Current, image);
        if (asked.Assignments.Count != added)
            throw new RequestRefusedException(ErrorCode.InvalidReplicaAssignment, $"{asked.Assignments.Count} assignments for {added} partition(s) more");
        var replicas = new List<ImmutableArray<int>>();
        foreach (var assignment in asked.Assignments) replicas.Add(ReplicaPlacement.Checked(assignment.BrokerIds.Span, image));
        ReplicaPlacement.Same(replicas, factor);
        return replicas;
    }

    private static bool IsTwice(CreatePartitionsRequest request, int index)
    {
        for (var i = 0; i < request.Topics.Count; i++)
        {
            if (i != index && request.Topics[i].Name == request.Topics[index].Name) return true;
        }

        return false;
    }

    private static bool IsAnswered(CreatePartitionsResponse response, string name)
    {
        foreach (var result in response.Results)
        {
            if (result.Name == name) return true;
        }

        return false;
    }
}
