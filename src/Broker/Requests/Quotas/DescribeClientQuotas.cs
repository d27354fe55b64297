using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Quotas;

/// <summary>DescribeClientQuotas: whoever fits the filter, with all limits that are set for exactly him.</summary>
internal sealed class DescribeClientQuotas(MetadataFollower metadata, NetworkLog log) : TypedHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(log)
{
    /// <summary>Kafka's order, which clients have come to count on.</summary>
    private static readonly string[] s_order =
        [QuotaName.ConsumerByteRate.Name, QuotaName.ControllerMutationRate.Name, QuotaName.RequestPercentage.Name, QuotaName.ProducerByteRate.Name];

    protected override ValueTask HandleAsync(Exchange exchange, DescribeClientQuotasRequest request, DescribeClientQuotasResponse response)
    {
        var filter = new QuotaFilter(request);
        response.Entries = [];
        foreach (var (entity, stored) in metadata.Current.Quotas)
        {
            if (filter.Fits(entity)) response.Entries.Add(Entry(entity, stored.Record));
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeClientQuotasRequest request, DescribeClientQuotasResponse response, ErrorCode error, string? message)
    {
        (response.ErrorCode, response.ErrorMessage) = (error, message);
        response.Entries = null;
    }

    private static DescribeClientQuotasResponse.Entry Entry(QuotaEntity entity, QuotaRecord record)
    {
        var entry = new DescribeClientQuotasResponse.Entry();
        foreach (var (type, name) in QuotaPart.All(entity)) entry.Entity.Add(new DescribeClientQuotasResponse.Part { EntityType = type, EntityName = name });
        foreach (var (key, value) in record.Limits.OrderBy(static limit => Array.IndexOf(s_order, limit.Key))) entry.Values.Add(new DescribeClientQuotasResponse.Quota { Key = key, Value = value });
        return entry;
    }
}
