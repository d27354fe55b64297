using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

/// <summary>What tests ask about limits.</summary>
internal static class QuotaTalk
{
    public static async Task LimitAsync(this Conversation conversation, string type, string? name, params (string Key, double? Value)[] limits)
    {
        var entry = new AlterClientQuotasRequest.Entry { Entity = [new() { EntityType = type, EntityName = name }] };
        foreach (var (key, value) in limits) entry.Ops.Add(new AlterClientQuotasRequest.Change { Key = key, Value = value ?? 0, Remove = value is null });
        var answer = await conversation.AskAsync<AlterClientQuotasResponse>(ApiKey.AlterClientQuotas, 1, new AlterClientQuotasRequest { Entries = [entry] });
        Assert.Equal((ErrorCode.None, null), (answer.Entries[0].ErrorCode, answer.Entries[0].ErrorMessage));
    }
}
