namespace Moldau.Storage.Facts;

public enum FactOperationKind
{
    Put,
    Delete,
    DeletePrefix,
}
