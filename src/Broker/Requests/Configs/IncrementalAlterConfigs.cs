using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Settings.Changes;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Configs;

/// <summary>IncrementalAlterConfigs: single settings are set, deleted, appended to, subtracted from.</summary>
internal sealed class IncrementalAlterConfigs(ConfigChanges changes, LogLevels levels, LiveSettings settings, NetworkLog log)
    : TypedHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, IncrementalAlterConfigsRequest request, IncrementalAlterConfigsResponse response)
    {
        var access = exchange.Access;
        for (var i = 0; i < request.Resources.Count; i++)
        {
            var asked = request.Resources[i];
            var answer = new IncrementalAlterConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorMessage = null };
            response.Responses.Add(answer);
            try
            {
                if (IsTwice(request, i)) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"'{asked.ResourceName}' is named twice in one request");
                ConfigTarget.Require(access, AclOperation.AlterConfigs, asked.ResourceType, asked.ResourceName);
                if (asked.ResourceType == ConfigTarget.Topic && asked.ResourceName.Length == 0)
                    throw new RequestRefusedException(ErrorCode.InvalidRequest, "all topics together have no settings: set the broker's, such as log.retention.ms for retention.ms");
                var operations = Operations(asked);
                if (asked.ResourceType == ConfigTarget.BrokerLogger) AlterLoggers(asked, operations, request.ValidateOnly);
                else await changes.RunAsync(asked.ResourceType, asked.ResourceName, request.ValidateOnly, (resource, current, layers) => SettingChanges.Alter(resource, current, operations, layers)).ConfigureAwait(false);
                if (!request.ValidateOnly) exchange.Changed($"altered {string.Join(", ", operations.Select(static operation => operation.Name))} of", ConfigTarget.Word(asked.ResourceType), asked.ResourceName);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }
    }

    protected override void Refuse(IncrementalAlterConfigsRequest request, IncrementalAlterConfigsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Resources)
            response.Responses.Add(new IncrementalAlterConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorCode = error, ErrorMessage = message });
    }

    private static List<SettingOperation> Operations(IncrementalAlterConfigsRequest.Resource asked)
    {
        var operations = new List<SettingOperation>();
        foreach (var config in asked.Configs) operations.Add(new SettingOperation(config.Name, (SettingOperationKind)config.ConfigOperation, config.Value));
        return operations;
    }

    private static bool IsTwice(IncrementalAlterConfigsRequest request, int index)
    {
        var asked = request.Resources[index];
        for (var i = 0; i < request.Resources.Count; i++)
        {
            if (i != index && request.Resources[i].ResourceType == asked.ResourceType && request.Resources[i].ResourceName == asked.ResourceName) return true;
        }

        return false;
    }

    /// <summary>All of them, or none.</summary>
    private void AlterLoggers(IncrementalAlterConfigsRequest.Resource asked, List<SettingOperation> operations, bool validateOnly)
    {
        ConfigTarget.NodeOf(asked.ResourceName, settings.Node);
        foreach (var (name, kind, level) in operations)
        {
            if (!LogLevels.Names.Contains(name))
                throw new RequestRefusedException(ErrorCode.InvalidConfig, $"there is no logger '{name}'; there are {string.Join(", ", LogLevels.Names)}");
            if (kind == SettingOperationKind.Delete && name == LogLevels.Root) throw new RequestRefusedException(ErrorCode.InvalidRequest, "the root logger's level can be set, not deleted");
            if (kind == SettingOperationKind.Set && (level is null || !LogLevels.IsLevel(level)))
                throw new RequestRefusedException(ErrorCode.InvalidConfig, $"'{level}' is no level for the logger {name}; it is one of {string.Join(", ", LogLevels.LevelNames)}");
            if (kind is not (SettingOperationKind.Set or SettingOperationKind.Delete))
                throw new RequestRefusedException(ErrorCode.InvalidRequest, $"a logger's level can be set and deleted; {name} is to be appended to or subtracted from");
        }

        if (validateOnly) return;
        foreach (var (name, kind, level) in operations)
        {
            if (kind == SettingOperationKind.Set) levels.Set(name, level!);
            else levels.Unset(name);
        }
    }
}
