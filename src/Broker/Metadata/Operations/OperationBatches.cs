using System.Text;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>Cuts a long list of operations into pieces that a transaction may hold, each key compared as well as changed.</summary>
internal static class OperationBatches
{
    /// <summary>One below the limit of conditions, so that a transaction has room for one about another key.</summary>
    public const int CountLimit = FactTransaction.ListLimit - 1;

    // Leaves room for that other key.
    private const int SizeLimit = FactTransaction.SizeLimit - 4096;

    /// <summary>An operation that fits nowhere is a piece of its own: the store refuses it by name.</summary>
    public static IEnumerable<List<FactOperation>> Cut(IEnumerable<FactOperation> operations)
    {
        var piece = new List<FactOperation>();
        var size = 0L;
        foreach (var operation in operations)
        {
            var more = SizeOf(operation);
            if (piece.Count == CountLimit || (piece.Count > 0 && size + more > SizeLimit))
            {
                yield return piece;
                piece = [];
                size = 0;
            }

            piece.Add(operation);
            size += more;
        }

        if (piece.Count > 0) yield return piece;
    }

    /// <summary>Whether all of it may be one transaction.</summary>
    public static bool FitOne(IReadOnlyList<FactOperation> operations) =>
        operations.Count <= CountLimit && operations.Sum(SizeOf) <= SizeLimit;

    private static long SizeOf(FactOperation operation) => (2L * Encoding.UTF8.GetByteCount(operation.Key)) + operation.Value.Length;
}
