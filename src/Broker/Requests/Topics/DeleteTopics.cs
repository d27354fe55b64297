using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Topics;

/// <summary>DeleteTopics: by name or by id; a topic is gone, durably, when its answer says so.</summary>
internal sealed class DeleteTopics(IMetadataStore store, MetadataFollower metadata, PartitionHosting hosting, LiveSettings settings, ClientQuotas quotas, NetworkLog log)
    : TypedHandler<DeleteTopicsRequest, DeleteTopicsResponse>(log)
{
    private const short FirstWithIds = 6;
    private const short FirstWithDisabled = 3;
    private const short FirstWithRefusedTopics = 5;

    private readonly DeleteTopic _delete = new(store);
    private readonly TopicRemains _remains = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, DeleteTopicsRequest request, DeleteTopicsResponse response)
    {
        if (!settings.Current.Topics.AllowsDeletion)
        {
            Refuse(request, response, exchange.Version < FirstWithDisabled ? ErrorCode.InvalidRequest : ErrorCode.TopicDeletionDisabled, "the broker's delete.topic.enable is false");
            return;
        }

        var access = exchange.Access;
        var mayDeleteAll = access.AllowsCluster(AclOperation.Delete, isTold: false);
        var allowance = quotas.Mutations(exchange, FirstWithRefusedTopics);
        var asked = Asked(exchange.Version, request);
        for (var i = 0; i < asked.Count; i++)
        {
            var (name, id) = asked[i];
            if (asked.IndexOf(asked[i]) < i) continue;
            if (name is not null && IsNamedById(asked, name) && (mayDeleteAll || access.Allows(AclOperation.Delete, AclResource.Topic, name, isTold: false))) continue;
            var answer = new DeleteTopicsResponse.Topic { Name = name, TopicId = id };
            response.Responses.Add(answer);
            (answer.ErrorCode, answer.ErrorMessage) = await DeleteAsync(asked, i, mayDeleteAll ? null : access, answer, allowance).ConfigureAwait(false);
            if (answer.ErrorCode == ErrorCode.None) exchange.Changed("deleted", "topic", answer.Name!);
        }

        exchange.MuteMilliseconds = allowance.WaitMilliseconds;
    }

    protected override void Refuse(DeleteTopicsRequest request, DeleteTopicsResponse response, ErrorCode error, string? message)
    {
        foreach (var topic in request.Topics) response.Responses.Add(new DeleteTopicsResponse.Topic { Name = topic.Name, TopicId = topic.TopicId, ErrorCode = error, ErrorMessage = message });
        foreach (var name in request.TopicNames) response.Responses.Add(new DeleteTopicsResponse.Topic { Name = name, ErrorCode = error, ErrorMessage = message });
    }

    private static List<(string? Name, Uuid Id)> Asked(short version, DeleteTopicsRequest request)
    {
        var asked = new List<(string?, Uuid)>();
        if (version >= FirstWithIds) foreach (var topic in request.Topics) asked.Add((topic.Name, topic.TopicId));
        else foreach (var name in request.TopicNames) asked.Add((name, Uuid.Zero));
        return asked;
    }

    /// <summary>Then it is answered, and refused, there.</summary>
    private bool IsNamedById(List<(string? Name, Uuid Id)> asked, string name) =>
        metadata.Current.FindTopic(name) is { } topic && asked.Contains((null, topic.Id));

    /// <returns>Null where it may be deleted, or is not there and may be known not to be.</returns>
    private static (ErrorCode Error, string? Message)? Forbidden(MetadataImage image, (string? Name, Uuid Id) asked, Access? access, DeleteTopicsResponse.Topic answer)
    {
        var isThere = asked.Name is null ? image.FindTopic(asked.Id) is not null : image.FindTopic(asked.Name) is not null;
        if (access is not { } rules || (asked.Name ?? image.FindTopic(asked.Id)?.Name) is not { } named) return null;
        if (!isThere && rules.Allows(AclOperation.Describe, AclResource.Topic, named, isTold: false)) return null;
        if (rules.Allows(AclOperation.Delete, AclResource.Topic, named)) return null;
        if (asked.Name is not null) return (ErrorCode.TopicAuthorizationFailed, $"no rule allows Delete on Topic '{named}'");
        // Whoever may not know of the topic does not learn its name by its id.
        answer.Name = rules.Allows(AclOperation.Describe, AclResource.Topic, named, isTold: false) ? named : null;
        return (ErrorCode.TopicAuthorizationFailed, "no rule allows Delete on the topic of this id");
    }

    private async Task<(ErrorCode Error, string? Message)> DeleteAsync(List<(string? Name, Uuid Id)> asked, int index, Access? access, DeleteTopicsResponse.Topic answer, MutationAllowance allowance)
    {
        var (name, id) = asked[index];
        if (name is not null && !id.IsZero) return (ErrorCode.InvalidRequest, "both a name and an id; one of them names a topic");
        if (name is null && id.IsZero) return (ErrorCode.InvalidRequest, "neither a name nor an id");
        for (var i = 0; i < asked.Count; i++)
        {
            if (i != index && asked[i] == asked[index]) return (ErrorCode.InvalidRequest, "named twice in one request");
        }

        var image = metadata.Current;
        if (Forbidden(image, asked[index], access, answer) is { } forbidden) return forbidden;
        if (name is null && image.FindTopic(id) is { } both && asked.Contains((both.Name, Uuid.Zero)))
        {
            answer.Name = both.Name;
            return (ErrorCode.InvalidRequest, "named by its name and by its id in one request");
        }

        if ((name is null ? image.FindTopic(id) : image.FindTopic(name)) is not { } topic)
            return name is null ? (ErrorCode.UnknownTopicId, "no topic has this id") : (ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
        answer.Name = topic.Name;
        answer.TopicId = topic.Id;
        if (TopicName.IsInternal(topic.Name)) return (ErrorCode.InvalidRequest, $"'{topic.Name}' is the broker's own: in it lies what its coordinators know");
        try
        {
            allowance.Take(topic.PartitionCount);
        }
        catch (RequestRefusedException refused)
        {
            return (refused.Error, refused.Message);
        }

        if (await _delete.RunAsync(topic.Name, topic.Id).ConfigureAwait(false) is not { } revision)
            return (ErrorCode.UnknownTopicOrPartition, $"another request deleted topic '{topic.Name}' first");
        await metadata.WaitForAsync(revision).ConfigureAwait(false);
        await hosting.WaitForAsync(revision).ConfigureAwait(false);
        // Nobody sees what is left; a start goes on with it where this does not come to its end.
        await _remains.RemoveAsync(topic.Id).ConfigureAwait(false);
        return (ErrorCode.None, null);
    }
}
