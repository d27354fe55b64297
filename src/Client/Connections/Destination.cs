namespace Moldau.Client.Connections;

/// <summary>Which broker a request is for.</summary>
internal readonly record struct Destination
{
    private const int AnyNode = -1;
    private const int ControllerNode = -2;
    private const int CoordinatorNode = -3;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    private Destination(int node, sbyte keyType = 0, string? key = null)
    {
        NodeId = node;
        KeyType = keyType;
        Key = key;
    }

    public static Destination Any => new(AnyNode);

    public static Destination Controller => new(ControllerNode);

    public bool IsController => NodeId == ControllerNode;

    public bool IsCoordinator => NodeId == CoordinatorNode;

    public bool IsNode => NodeId >= 0;

    public int NodeId { get; }

    /// <summary>As in FindCoordinator: 0 a group, 1 a transactional id, 2 a share partition.</summary>
    public sbyte KeyType { get; }

    public string? Key { get; }

    public static Destination Node(int id) => new(id);

    public static Destination CoordinatorOfGroup(string group) => new(CoordinatorNode, GroupKey, group);

    public static Destination CoordinatorOfTransactions(string transactionalId) => new(CoordinatorNode, TransactionKey, transactionalId);
}
