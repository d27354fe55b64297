using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Transactions;

/// <summary><c>moldau txn</c>: transactions, seen and ended.</summary>
internal static class TransactionCommand
{
    public static Command Create(Terminal terminal) => new("txn", "Lists, shows and aborts transactions")
    {
        TransactionListings.List(terminal),
        TransactionListings.Describe(terminal),
        TransactionAborting.Create(terminal),
    };
}
