using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Quotas;

/// <summary>AlterClientQuotas: each entity by itself; one that cannot be changed does not keep the others from it.</summary>
internal sealed class AlterClientQuotas(IMetadataStore store, MetadataFollower metadata, NetworkLog log) : TypedHandler<AlterClientQuotasRequest, AlterClientQuotasResponse>(log)
{
    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, AlterClientQuotasRequest request, AlterClientQuotasResponse response)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var revision = 0L;
        for (var i = 0; i < request.Entries.Count; i++)
        {
            var asked = request.Entries[i];
            var answer = AnswerTo(asked);
            response.Entries.Add(answer);
            try
            {
                var alteration = QuotaAlteration.Of(asked);
                if (!seen.Add(MetadataKeys.Quota(alteration.Entity))) throw new RequestRefusedException(ErrorCode.InvalidRequest, "the same entity stands in the request before; only that was taken");
                if (request.ValidateOnly) continue;
                var altered = await _alter.RunAsync<QuotaRecord>(MetadataKeys.Quota(alteration.Entity), alteration.Apply).ConfigureAwait(false);
                revision = Math.Max(revision, altered.Revision);
                exchange.Changed("altered the limits of", "quota entity", MetadataKeys.Quota(alteration.Entity)[MetadataKeys.Quotas.Length..]);
            }
            catch (RequestRefusedException refused)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (refused.Error, refused.Message);
            }
        }

        // From then on they count.
        if (revision > 0) await metadata.WaitForAsync(revision).ConfigureAwait(false);
    }

    protected override void Refuse(AlterClientQuotasRequest request, AlterClientQuotasResponse response, ErrorCode error, string? message)
    {
        response.Entries.Clear();
        foreach (var asked in request.Entries)
        {
            var answer = AnswerTo(asked);
            (answer.ErrorCode, answer.ErrorMessage) = (error, message);
            response.Entries.Add(answer);
        }
    }

    private static AlterClientQuotasResponse.Entry AnswerTo(AlterClientQuotasRequest.Entry asked)
    {
        var answer = new AlterClientQuotasResponse.Entry { ErrorMessage = null };
        // Whatever order they were sent in: the names of the types stand in Kafka's order by chance.
        foreach (var part in asked.Entity.OrderBy(static part => part.EntityType, StringComparer.Ordinal)) answer.Entity.Add(new AlterClientQuotasResponse.Part { EntityType = part.EntityType, EntityName = part.EntityName });
        return answer;
    }
}
