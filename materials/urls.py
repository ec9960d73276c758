"""Addresses of the material, under `/materiel/`."""

from django.urls import path

from materials import (
    basket_views,
    catalogue_views,
    item_views,
    order_views,
    paper_views,
    serving_views,
    stock_views,
    sums_views,
)

app_name = "materials"
urlpatterns = [
    # The catalogue
    path("", catalogue_views.item_list, name="item-list"),
    path("articles/<slug:slug>/", catalogue_views.item_detail, name="item-detail"),
    path("articles/<slug:slug>/apercu/<int:number>/", catalogue_views.preview, name="item-preview"),
    path(
        "articles/<slug:slug>/fichiers/<int:number>/<slug:which>/",
        catalogue_views.item_file,
        name="item-file",
    ),
    path(
        "articles/<slug:slug>/partager/<int:pk>/", catalogue_views.social_file, name="item-social"
    ),
    path("entretien/", item_views.item_retired, name="item-retired"),
    path("entretien/nouvel-article/", item_views.item_create, name="item-create"),
    path("articles/<slug:slug>/modifier/", item_views.item_edit, name="item-edit"),
    path("articles/<slug:slug>/nouvelle-version/", item_views.item_publish, name="item-publish"),
    path("articles/<slug:slug>/versions/", item_views.item_history, name="item-history"),
    path("articles/<slug:slug>/retirer/", item_views.item_retire, name="item-retire"),
    path("articles/<slug:slug>/remettre/", item_views.item_restore, name="item-restore"),
    # Ordering
    path("panier/", basket_views.basket, name="order-basket"),
    path("panier/article/", basket_views.basket_set, name="order-basket-set"),
    path("commandes/", order_views.order_list, name="order-list"),
    path("commandes/<int:pk>/", order_views.order_detail, name="order-detail"),
    path("commandes/<int:pk>/annuler/", order_views.order_cancel, name="order-cancel"),
    path("commandes/<int:pk>/recommander/", order_views.order_copy, name="order-copy"),
    path("commandes/<int:pk>/reception/", order_views.order_receive, name="order-receive"),
    # Serving
    path("a-traiter/", serving_views.order_queue, name="order-queue"),
    path("commandes/<int:pk>/repondre/", serving_views.order_approve, name="order-approve"),
    path("commandes/<int:pk>/transmettre/", serving_views.order_forward, name="order-forward"),
    path("commandes/<int:pk>/preparer/", serving_views.order_pick, name="order-pick"),
    path("commandes/<int:pk>/expedier/", serving_views.order_ship, name="order-ship"),
    path("commandes/<int:pk>/colis/", serving_views.order_parcel, name="order-parcel"),
    path("commandes/<int:pk>/clore/", serving_views.order_close, name="order-close"),
    path("commandes/<int:pk>/preparation.pdf", paper_views.picking_list, name="order-picking-pdf"),
    path("commandes/<int:pk>/livraison.pdf", paper_views.delivery_note, name="order-note-pdf"),
    path("commandes/<int:pk>/etiquettes.pdf", paper_views.labels, name="order-labels-pdf"),
    # Stocks
    path("stock/", stock_views.stock_list, name="stock-list"),
    path("stock/alertes/", sums_views.alerts, name="stock-alerts"),
    path("stock/dotations/", sums_views.allotments, name="stock-allotments"),
    path("stock/<int:pk>/", stock_views.stock_detail, name="stock-detail"),
    path("stock/<int:pk>/mouvement/", stock_views.stock_move, name="stock-move"),
    path("stock/<int:pk>/inventaire/", stock_views.stock_count, name="stock-count"),
    path("stock/<int:pk>/seuils/", sums_views.thresholds, name="stock-thresholds"),
    path(
        "stock/<int:pk>/mouvements/<int:movement>/corriger/",
        stock_views.stock_correct,
        name="stock-correct",
    ),
]
