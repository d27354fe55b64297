using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Settings.Changes;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Configs;

/// <summary>AlterConfigs, the older one: what is named is set, and everything else of the resource is deleted.</summary>
internal sealed class ReplaceConfigs(ConfigChanges changes, NetworkLog log) : TypedHandler<AlterConfigsRequest, AlterConfigsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, AlterConfigsRequest request, AlterConfigsResponse response)
    {
        var access = exchange.Access;
        for (var i = 0; i < request.Resources.Count; i++)
        {
            var asked = request.Resources[i];
            var answer = new AlterConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorMessage = null };
            response.Responses.Add(answer);
            var given = new List<KeyValuePair<string, string?>>();
            for (var j = 0; j < asked.Configs.Count; j++) given.Add(new(asked.Configs[j].Name, asked.Configs[j].Value));
            try
            {
                ConfigTarget.Require(access, AclOperation.AlterConfigs, asked.ResourceType, asked.ResourceName);
                if (asked.ResourceType == ConfigTarget.BrokerLogger)
                    throw new RequestRefusedException(ErrorCode.InvalidRequest, "loggers are set one by one, by IncrementalAlterConfigs");
                await changes.RunAsync(asked.ResourceType, asked.ResourceName, request.ValidateOnly, (resource, current, layers) => SettingChanges.Replace(resource, current, given, layers)).ConfigureAwait(false);
                if (!request.ValidateOnly) exchange.Changed("replaced all settings of", ConfigTarget.Word(asked.ResourceType), asked.ResourceName);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }
    }

    protected override void Refuse(AlterConfigsRequest request, AlterConfigsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Resources)
            response.Responses.Add(new AlterConfigsResponse.Result { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorCode = error, ErrorMessage = message });
    }
}
