using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Descriptions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Configs;

/// <summary>DescribeConfigs: which value counts, where it comes from, and what else would count without it.</summary>
internal sealed class DescribeConfigs(MetadataFollower metadata, LiveSettings settings, LogLevels levels, NetworkLog log)
    : TypedHandler<DescribeConfigsRequest, DescribeConfigsResponse>(log)
{
    private const sbyte LoggerSource = 6;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeConfigsRequest request, DescribeConfigsResponse response)
    {
        var image = metadata.Current;
        var access = exchange.Access;
        foreach (var asked in request.Resources)
        {
            var answer = new DescribeConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName };
            response.Results.Add(answer);
            try
            {
                ConfigTarget.Require(access, AclOperation.DescribeConfigs, asked.ResourceType, asked.ResourceName);
                if (asked.ResourceType == ConfigTarget.BrokerLogger) DescribeLoggers(asked, answer);
                else Describe(request, asked, image, answer);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeConfigsRequest request, DescribeConfigsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Resources)
            response.Results.Add(new DescribeConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorCode = error, ErrorMessage = message });
    }

    private void Describe(DescribeConfigsRequest request, DescribeConfigsRequest.Resource asked, MetadataImage image, DescribeConfigsResponse.Result answer)
    {
        var resource = ConfigTarget.Of(asked.ResourceType, asked.ResourceName, image, settings.Node);
        if (resource.Scope is ConfigScope.Group or ConfigScope.ClientMetrics && resource.Name.Length == 0)
            throw new RequestRefusedException(ErrorCode.InvalidRequest, "settings of a group or a subscription without a name");
        var layers = settings.Layers(image);
        var own = SettingLayers.Values(image, resource);
        var names = Names(asked);
        var found = resource.Scope switch
        {
            ConfigScope.Topic => SettingDescriptions.Topic(layers, own, names),
            ConfigScope.Group => SettingDescriptions.Group(layers, own, names),
            ConfigScope.ClientMetrics => SettingDescriptions.ClientMetrics(own, names),
            ConfigScope.Node => SettingDescriptions.Node(layers, names),
            _ => SettingDescriptions.AllNodes(layers, names),
        };
        foreach (var setting in found) answer.Configs.Add(Row(request, setting));
    }

    private static DescribeConfigsResponse.Config Row(DescribeConfigsRequest request, SettingDescription setting)
    {
        var row = new DescribeConfigsResponse.Config
        {
            Name = setting.Name,
            Value = setting.Value,
            ReadOnly = setting.IsReadOnly,
            ConfigSource = (sbyte)setting.Source,
            IsSensitive = setting.IsSensitive,
            ConfigType = (sbyte)setting.Type,
            Documentation = request.IncludeDocumentation ? setting.Documentation : null,
        };
        if (!request.IncludeSynonyms) return row;
        foreach (var synonym in setting.Synonyms)
            row.Synonyms.Add(new DescribeConfigsResponse.Synonym { Name = synonym.Name, Value = synonym.Value, Source = (sbyte)synonym.Source });
        return row;
    }

    private void DescribeLoggers(DescribeConfigsRequest.Resource asked, DescribeConfigsResponse.Result answer)
    {
        if (asked.ResourceName.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidRequest, "loggers are each broker's own: name the broker");
        ConfigTarget.NodeOf(asked.ResourceName, settings.Node);
        var names = Names(asked);
        foreach (var (name, level) in levels.All)
        {
            if (names is not null && !names.Contains(name)) continue;
            answer.Configs.Add(new DescribeConfigsResponse.Config { Name = name, Value = level, ConfigSource = LoggerSource, ConfigType = (sbyte)SettingType.String });
        }
    }

    private static HashSet<string>? Names(DescribeConfigsRequest.Resource asked)
    {
        // None named is all of them, as where the list is null.
        if (asked.ConfigurationKeys is not { Count: > 0 }) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in asked.ConfigurationKeys) names.Add(name);
        return names;
    }
}
