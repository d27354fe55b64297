using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Settings.Changes;
using Moldau.Broker.Settings.Descriptions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Topics;

/// <summary>CreateTopics: each topic by itself; one that cannot be made does not keep the others from it.</summary>
internal sealed class CreateTopics(MetadataFollower metadata, TopicCreator creator, LiveSettings settings, ClientQuotas quotas, NetworkLog log)
    : TypedHandler<CreateTopicsRequest, CreateTopicsResponse>(log)
{
    private const short FirstWithConfigs = 5;
    private const short FirstWithRefusedTopics = 6;
    private const int Unknown = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, CreateTopicsRequest request, CreateTopicsResponse response)
    {
        var allowance = quotas.Mutations(exchange, FirstWithRefusedTopics);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < request.Topics.Count; i++) names[request.Topics[i].Name] = names.GetValueOrDefault(request.Topics[i].Name) + 1;
        var access = exchange.Access;
        var mayCreateAll = access.AllowsCluster(AclOperation.Create, isTold: false);
        for (var i = 0; i < request.Topics.Count; i++)
        {
            var asked = request.Topics[i];
            if (names[asked.Name] == 0) continue;
            var answer = new CreateTopicsResponse.Topic { Name = asked.Name, ErrorMessage = null, NumPartitions = Unknown, ReplicationFactor = Unknown };
            response.Topics.Add(answer);
            try
            {
                if (names[asked.Name] > 1)
                {
                    names[asked.Name] = 0;
                    throw new RequestRefusedException(ErrorCode.InvalidRequest, $"topic '{asked.Name}' is named twice in one request");
                }

                CheckPossible(asked.Name);
                if (!mayCreateAll) access.Require(AclOperation.Create, AclResource.Topic, asked.Name);
                await CreateAsync(exchange, request, asked, answer, allowance).ConfigureAwait(false);
                if (!request.ValidateOnly) exchange.Changed("created", "topic", asked.Name);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }

        exchange.MuteMilliseconds = allowance.WaitMilliseconds;
    }

    protected override void Refuse(CreateTopicsRequest request, CreateTopicsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics)
            response.Topics.Add(new CreateTopicsResponse.Topic { Name = asked.Name, ErrorCode = error, ErrorMessage = message, NumPartitions = Unknown, ReplicationFactor = Unknown });
    }

    private async Task CreateAsync(Exchange exchange, CreateTopicsRequest request, CreateTopicsRequest.Topic asked, CreateTopicsResponse.Topic answer, MutationAllowance allowance)
    {
        var image = metadata.Current;
        CheckName(image, asked.Name);
        var placement = asked.Assignments.Count > 0
            ? ReplicaPlacement.Of(asked, image)
            : ReplicaPlacement.Of(asked.NumPartitions, asked.ReplicationFactor, settings.Current, image);
        var configs = SettingChanges.ForNewTopic(asked.Name, Given(asked), settings.Layers(image));
        if (!configs.IsPossible) throw new RequestRefusedException(configs.Error, configs.Message!);
        allowance.Take(placement.Replicas.Count);
        if (!request.ValidateOnly)
        {
            var created = await creator.CreateAsync(asked.Name, placement.Replicas.Count, placement.Replicas, configs.Values).ConfigureAwait(false);
            if (created.Error != ErrorCode.None) throw new RequestRefusedException(created.Error, created.Message!);
            answer.TopicId = created.Id;
        }

        if (exchange.Version < FirstWithConfigs) return;
        if (!exchange.Access.Allows(AclOperation.DescribeConfigs, AclResource.Topic, asked.Name, isTold: false))
        {
            answer.TopicConfigErrorCode = ErrorCode.TopicAuthorizationFailed;
            return;
        }

        answer.NumPartitions = placement.Replicas.Count;
        answer.ReplicationFactor = placement.Factor;
        answer.Configs = [];
        foreach (var setting in SettingDescriptions.Topic(settings.Layers(image), configs.Values))
        {
            answer.Configs.Add(new CreateTopicsResponse.Config
            {
                Name = setting.Name, Value = setting.Value, ReadOnly = setting.IsReadOnly, ConfigSource = (sbyte)setting.Source, IsSensitive = setting.IsSensitive,
            });
        }
    }

    /// <summary>Whoever asks.</summary>
    private static void CheckPossible(string name)
    {
        if (name == TopicName.ClusterMetadata) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"'{name}' is no topic that anybody could create");
    }

    /// <exception cref="RequestRefusedException">It cannot be a new topic's.</exception>
    internal static void CheckName(MetadataImage image, string name)
    {
        if (TopicName.Fault(name) is { } fault) throw new RequestRefusedException(ErrorCode.InvalidTopicException, fault);
        if (image.FindTopic(name) is not null) throw new RequestRefusedException(ErrorCode.TopicAlreadyExists, $"topic '{name}' exists already");
        if (!name.Contains('.') && !name.Contains('_')) return;
        foreach (var topic in image.Topics)
        {
            if (TopicName.Collides(topic.Name, name))
                throw new RequestRefusedException(ErrorCode.InvalidTopicException, $"'{name}' and the topic '{topic.Name}' differ in '.' and '_' alone, and would be one in metrics");
        }
    }

    private static List<KeyValuePair<string, string?>> Given(CreateTopicsRequest.Topic asked)
    {
        var given = new List<KeyValuePair<string, string?>>();
        foreach (var config in asked.Configs)
        {
            if (config.Value is null) throw new RequestRefusedException(ErrorCode.InvalidConfig, $"{config.Name} is to be null, which is no value: leave it out");
            given.Add(new(config.Name, config.Value));
        }

        return given;
    }
}
