using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using System.Text.RegularExpressions;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>ListTransactions: the transactional ids that this broker coordinates, as far as they pass the filters.</summary>
internal sealed class ListTransactions(TransactionShards transactions, NetworkLog log) : TypedHandler<ListTransactionsRequest, ListTransactionsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, ListTransactionsRequest request, ListTransactionsResponse response)
    {
        if (!TryRead(request.TransactionalIdPattern, out var matches))
        {
            response.ErrorCode = ErrorCode.InvalidRegularExpression;
            return;
        }

        foreach (var unknown in TransactionMachine.UnknownStates(request)) response.UnknownStateFilters.Add(unknown);
        var access = exchange.Access;
        var replies = new List<TaskReply<ListTransactionsResponse>>();
        foreach (var shard in transactions.Topic.Shards)
        {
            var reply = new TaskReply<ListTransactionsResponse>();
            replies.Add(reply);
            shard.Run(reply, (machine, outcome) => machine.List(request, matches, reply, outcome));
        }

        foreach (var reply in replies)
        {
            var (error, _) = await reply.Given.ConfigureAwait(false);
            // Of those that are elsewhere another broker tells.
            if (error is not (ErrorCode.None or ErrorCode.NotCoordinator)) response.ErrorCode = error;
            foreach (var row in reply.Response.TransactionStates)
            {
                if (access.Allows(AclOperation.Describe, AclResource.TransactionalId, row.TransactionalId, isTold: false)) response.TransactionStates.Add(row);
            }

        }

        if (response.ErrorCode != ErrorCode.None) response.TransactionStates.Clear();
    }

    protected override void Refuse(ListTransactionsRequest request, ListTransactionsResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static bool TryRead(string? pattern, out Func<string, bool>? matches)
    {
        matches = null;
        if (string.IsNullOrEmpty(pattern)) return true;
        try
        {
            // In linear time, whatever somebody asks for.
            var whole = new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            matches = whole.IsMatch;
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
